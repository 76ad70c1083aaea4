from django.urls import path

from backstride.web.imports import views

urlpatterns = [
    path("", views.data, name="data"),
    path("usual/", views.usual, name="usual"),
    path("sources/move/", views.move_source, name="move_source"),
    path("sources/usual/", views.usual_order, name="usual_order"),
    path("<int:upload_id>/", views.upload, name="upload"),
    path("<int:upload_id>/status/", views.status, name="upload_status"),
    path("<int:upload_id>/delete/", views.delete, name="upload_delete"),
]
