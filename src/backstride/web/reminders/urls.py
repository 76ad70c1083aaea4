from django.urls import path

from backstride.web.reminders import views

urlpatterns = [
    path("", views.reminders, name="reminders"),
    path("device/", views.add_device, name="reminders_add"),
    path("device/<int:pk>/remove/", views.remove_device, name="reminders_remove"),
    path("try/", views.try_out, name="reminders_try"),
    path("not-today/", views.not_today, name="reminders_not_today"),
    path("decline/<str:token>/", views.decline, name="reminders_decline"),
    path("stop/<str:token>/", views.stop, name="reminders_stop"),
    path("feed/new/", views.make_feed, name="reminders_feed_new"),
    path("feed/remove/", views.remove_feed, name="reminders_feed_remove"),
    path("feed/<str:token>.ics", views.feed, name="reminders_feed"),
]
