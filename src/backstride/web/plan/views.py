from django.shortcuts import render

from backstride.web.safety.gate import walker_view


@walker_view
def plan(request):
    return render(request, "people/about.html")


@walker_view
def today(request):
    return render(request, "people/about.html")
