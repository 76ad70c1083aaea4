from django.urls import path

from backstride.web.people import design, views

urlpatterns = [
    path("", views.front, name="today"),
    path("demo/", views.open_demo, name="demo"),
    path("you/", views.you, name="you"),
    path("language/", views.language, name="language"),
    path("about/", views.about, name="about"),
    path("about/design/", design.design, name="design"),
]
