from django.urls import path

from backstride.web.clinic import views

urlpatterns = [
    path("appointments/", views.appointments, name="appointments"),
    path("inbox/", views.inbox, name="inbox"),
]
