from django.urls import path

from backstride.web.plan import views

urlpatterns = [
    path("", views.plan, name="plan"),
    path("week.<str:theme>.<int:width>.svg", views.picture, name="plan_picture"),
    path("week.ics", views.calendar, name="plan_calendar"),
]
