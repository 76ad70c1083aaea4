from django.urls import path

from backstride.web.walk import views

urlpatterns = [
    path("", views.walk_with_me, name="walk"),
    path("send/", views.send, name="walk_send"),
    path("<uuid:key>/", views.walk, name="walk_seen"),
    path("<uuid:key>/status/", views.status, name="walk_status"),
    path("<uuid:key>/route/forget/", views.forget_route, name="walk_forget_route"),
    path("<uuid:key>/delete/", views.delete, name="walk_delete"),
    path("<uuid:key>/cadence.<str:theme>.<int:width>.svg", views.picture, name="walk_picture"),
]
