from django.urls import path

from procedures import views

app_name = "procedures"
urlpatterns = [
    path("procedures/", views.search, name="list"),
    path("procedures/<slug:code>/", views.show_procedure, name="procedure"),
    path("organizations/<int:code>/", views.show_organization, name="organization"),
]
