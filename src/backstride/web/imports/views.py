from django.shortcuts import render

from backstride.web.safety.gate import walker_view


@walker_view
def data(request):
    return render(request, "people/about.html")
