"""Django admin with the portal's own site; apart from `apps`, which may hold one."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Use `PortalAdminSite` wherever Django admin says `admin.site`."""

    default_site = "kochi_portal.admin.PortalAdminSite"
