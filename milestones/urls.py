from django.urls import path

from milestones.views import contracts, manage, review, work

app_name = "milestones"

contract_pages = (
    [
        path("contracts/", contracts.your_contracts, name="list"),
        path("contracts/<int:pk>/", contracts.detail, name="detail"),
    ],
    "contracts",
)

urlpatterns = [
    path("contracts/<int:pk>/milestones/", manage.manage, name="manage"),
    path("contracts/<int:pk>/amendments/<int:number>/", contracts.amendment, name="amendment"),
    path("contracts/<int:pk>/review/", review.review, name="review"),
    path("contracts/<int:pk>/review/check/", review.check, name="check"),
    path("contracts/<int:pk>/review/decide/", review.decide, name="decide"),
    path("contracts/<int:pk>/fund/<int:milestone_pk>/", work.fund, name="fund"),
    path("contracts/<int:pk>/submit/<int:milestone_pk>/", work.submit, name="submit"),
    path("contracts/<int:pk>/request-changes/<int:milestone_pk>/", work.request_changes, name="request_changes"),
    path("contracts/<int:pk>/release/<int:milestone_pk>/", work.release, name="release"),
]
