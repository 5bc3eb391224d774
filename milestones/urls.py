from django.urls import path

from milestones.views import contracts, funding, manage, paper, review, sheets, work

app_name = "milestones"

contract_pages = (
    [
        path("", contracts.your_contracts, name="list"),
        path("<int:pk>/", contracts.detail, name="detail"),
    ],
    "contracts",
)

urlpatterns = [
    path("<int:pk>/milestones/", manage.manage, name="manage"),
    path("<int:pk>/news/", contracts.news, name="news"),
    path("<int:pk>/milestones/paste/", sheets.paste, name="paste"),
    path("<int:pk>/print/", paper.paper, name="paper"),
    path("<int:pk>/plan.csv", sheets.plan_csv, name="plan_csv"),
    path("<int:pk>/plan.txt", sheets.plan_text, name="plan_text"),
    path("<int:pk>/amendments/<int:number>/", contracts.amendment, name="amendment"),
    path("<int:pk>/review/", review.review, name="review"),
    path("<int:pk>/review/check/", review.check, name="check"),
    path("<int:pk>/review/keep/", review.keep, name="keep"),
    path("<int:pk>/review/start-again/", review.start_again, name="start_again"),
    path("<int:pk>/review/offer/<int:change_pk>/", review.offer, name="offer"),
    path("<int:pk>/review/remind/", review.remind, name="remind"),
    path("<int:pk>/review/decide/", review.decide, name="decide"),
    path("<int:pk>/fund/", funding.fund_several, name="fund_several"),
    path("<int:pk>/fund/<int:milestone_pk>/", work.fund, name="fund"),
    path("<int:pk>/submit/<int:milestone_pk>/", work.submit, name="submit"),
    path("<int:pk>/request-changes/<int:milestone_pk>/", work.request_changes, name="request_changes"),
    path("<int:pk>/release/<int:milestone_pk>/", work.release, name="release"),
]
