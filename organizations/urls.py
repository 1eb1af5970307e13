from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("my/tokens/", views.tokens, name="tokens"),
    path("my/tokens/<uuid:pk>/revoke/", views.revoke, name="revoke"),
]
