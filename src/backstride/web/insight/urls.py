from django.urls import path

from backstride.web.insight import views

urlpatterns = [
    path("", views.progress, name="progress"),
]
