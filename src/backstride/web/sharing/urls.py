from django.urls import path

from backstride.web.sharing import views

PICTURE = "<slug:key>.<str:theme>.<int:width>.svg"
urlpatterns = [
    path("", views.sharing, name="sharing"),
    path("new/<slug:kind>/", views.give, name="sharing_give"),
    path("<int:pk>/", views.seen, name="sharing_seen"),
    path(f"<int:pk>/{PICTURE}", views.picture, name="sharing_picture"),
    path("<int:pk>/end/", views.end, name="sharing_end"),
    path("link/<str:token>/", views.link, name="sharing_link"),
    path(f"link/<str:token>/{PICTURE}", views.link_picture, name="sharing_link_picture"),
]
