from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("demo/sign-in/<slug:role>/", views.sign_in, name="sign_in"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
