from django.urls import path

from backstride.web.clinic import staff_views, views

urlpatterns = [
    path("appointments/", views.appointments, name="appointments"),
    path("appointments/ask/", views.ask, name="appointment_ask"),
    path("appointments/<int:pk>/", views.appointment, name="appointment"),
    path("appointments/<int:pk>/withdraw/", views.withdraw, name="appointment_withdraw"),
    path("appointments/<int:pk>/appointment.ics", views.calendar, name="appointment_ics"),
    path("inbox/", staff_views.inbox, name="inbox"),
    path("inbox/<int:pk>/", staff_views.request_page, name="request"),
    path("inbox/<int:pk>/close/", staff_views.close, name="request_close"),
    path("inbox/<int:pk>/appointment.ics", staff_views.calendar, name="request_ics"),
]
