from django.urls import path

from backstride.web.plan import routine, views

urlpatterns = [
    path("", views.plan, name="plan"),
    path("week.<str:theme>.<int:width>.svg", views.picture, name="plan_picture"),
    path("routine/", routine.routine, name="routine"),
    path("preferences/", routine.preferences, name="preferences"),
    path("routine/<slug:key>.<str:theme>.svg", routine.drawing, name="routine_drawing"),
    path("week.ics", views.calendar, name="plan_calendar"),
]
