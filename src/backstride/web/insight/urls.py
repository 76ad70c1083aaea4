from django.urls import path

from backstride.web.insight import views

urlpatterns = [
    path("", views.progress, name="progress"),
    path("walking-and-pain.<str:theme>.<int:width>.svg", views.picture, name="progress_picture"),
    path("walking-and-pain.png", views.download, name="progress_png"),
    path("walking-and-pain.csv", views.table, name="progress_csv"),
]
