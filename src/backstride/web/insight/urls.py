from django.urls import path

from backstride.web.insight import views

urlpatterns = [
    path("", views.progress, name="progress"),
    path("<slug:key>/", views.large, name="progress_large"),
    path("<slug:key>.<str:theme>.<int:width>.svg", views.picture, name="progress_picture"),
    path("<slug:key>.<slug:kind>", views.download, name="progress_file"),
]
