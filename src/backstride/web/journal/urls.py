from django.urls import path

from backstride.web.journal import views

urlpatterns = [
    path("", views.log, name="log"),
    path("pain/", views.pain, name="log_pain"),
    path("pain/<int:pk>/news/", views.news, name="log_news"),
    path("walk/", views.walk, name="log_walk"),
    path("walk/<int:pk>/pain/", views.walk_pain, name="log_walk_pain"),
    path("exercise/", views.exercise, name="log_exercise"),
    path("medicine/", views.medicine, name="log_medicine"),
    path("<slug:kind>/<int:pk>/remove/", views.remove, name="log_remove"),
]
