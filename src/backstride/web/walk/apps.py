from django.apps import AppConfig


class Config(AppConfig):
    name = "backstride.web.walk"
    label = "walk"
