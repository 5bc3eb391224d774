from django.urls import path

from escrow import views

app_name = "escrow"
urlpatterns = [
    path("", views.balance, name="balance"),
    path("deposits/", views.request_deposit, name="request_deposit"),
    path("deposits/<int:pk>/cancel/", views.cancel_deposit, name="cancel_deposit"),
]
