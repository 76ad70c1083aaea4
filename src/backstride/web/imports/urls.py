from django.urls import path

from backstride.web.imports import views

urlpatterns = [
    path("", views.data, name="data"),
]
