"""The keys that the portal is known to send: what is read, and what is left out on purpose.

The one thing to know: a key that stands here nowhere is a change of the portal, and is noted by the visit. Names are those
of recordings; of cascade and external-action calls and of announcements, which nobody recorded, those of descriptions.
"""

from collections.abc import Iterator

from connectors.base.contract import Record
from connectors.eu_funding.hit import Hit


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_READ = _names(
    "DATASOURCE REFERENCE allowPartnerSearch beneficiaryAdministration budget budgetOverview caName callIdentifier callTitle "
    "callccm2Id cftContractNoticeLink cftEXARegistrationDeadline cftEstimatedOverallContractAmount "
    "cftEstimatedOverallContractCurrency cftEstimatedTotalProcedureValue cftId cftLeadContractingAuthorityCode cftPlannedDate "
    "cftPublicationDateEForm cftSubmissionMethodCode cftTimezone contractType crossCuttingPriorities currency datasource "
    "deadlineDate deadlineModel description descriptionByte destinationDescription duration esDA_FirstIngestDate es_SortDate "
    "frameworkProgramme furtherInformation geographicalZone geographicalZones identifier keywords language latestInfos lots "
    "mainCpv mainCpvCode mission placesOfDeliveryOrPerformance procedureType programmeDivision projectAcronym projectName "
    "publicationDocuments startDate status tags title topicConditions type typesOfAction url"
)
# Bookkeeping of the index, and what says nothing to who looks for a call. What names persons is gone by then (notice.py).
_LEFT_OUT = _names(
    "actions awardMethod ccm2Id cftBuyerProfileUrl cftContractingSystems cftCorrigendaList cftDocuments cftInterinstitutional "
    "cftMaxNumberOfLots cftPartyLegalEntityId cftProcurementType cftPublicationDisplayStatus cftPublishedPinReference "
    "cftQuestionsAnswersAllowed cftRepublish cftSubmissionsAllowed cftSubscriptionsAllowed cftTendersMayBeSubmitted "
    "conditionOfParticipation corporate-search-version destination destinationDetails destinationGroup "
    "esDA_IngestDate esDA_QueueDate esST_FileName esST_URL esST_checksum es_Combine es_ContentType focusArea indicativeLaunch "
    "links missionGroup programmeDivisionProspect programmePeriod sepTemplate sortStatus specificObjective supportInfo "
    "typeOfMGAs"
)
_ANNOUNCED = _names("topic topicTitle topicIdentifier text pic announcementType requestType publicationDate")
_BESIDE = _names(
    "accessRestriction apiVersion checksum children citation content contentType database databaseLabel enrichedMetadata "
    "groupById highlightedFragments language metadata pages reference summary title url weight"
)


def audit(record: Record) -> Iterator[str]:
    """Name the keys of a row that nobody here knows: `metadata.newKey`."""
    row = record.data["row"]
    hit = Hit(row)
    known = _READ | _LEFT_OUT | (_ANNOUNCED if hit.type == "ANNOUNCEMENT" else frozenset())
    if hit.metadata is row:
        yield from sorted(map(str, row.keys() - _BESIDE - known))
        return
    yield from sorted(map(str, row.keys() - _BESIDE))
    yield from (f"metadata.{name}" for name in sorted(map(str, hit.metadata.keys() - known)))
