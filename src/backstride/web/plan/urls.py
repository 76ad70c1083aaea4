from django.urls import path

from backstride.web.plan import views

urlpatterns = [
    path("", views.plan, name="plan"),
    path("week.ics", views.calendar, name="plan_calendar"),
]
