from django.apps import AppConfig


class Config(AppConfig):
    name = "backstride.web.sharing"
    label = "sharing"
