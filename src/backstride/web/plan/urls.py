from django.urls import path

from backstride.web.plan import changes, routine, target, views

urlpatterns = [
    path("", views.plan, name="plan"),
    path("week.<str:theme>.<int:width>.svg", views.picture, name="plan_picture"),
    path("move/", changes.move, name="plan_move"),
    path("away/", changes.away, name="plan_away"),
    path("felt/<slug:kind>/", changes.felt, name="plan_felt"),
    path("change/<int:pk>/undo/", changes.undo, name="plan_undo"),
    path("target/", target.target, name="plan_target"),
    path("routine/", routine.routine, name="routine"),
    path("preferences/", routine.preferences, name="preferences"),
    path("routine/<slug:key>.<str:theme>.svg", routine.drawing, name="routine_drawing"),
    path("week.ics", views.calendar, name="plan_calendar"),
]
