from django.urls import path

from backstride.web.journal import views

urlpatterns = [
    path("", views.log, name="log"),
]
