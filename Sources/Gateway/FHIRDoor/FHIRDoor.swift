/// FHIR R4 under `/fhir`.
enum FHIRDoor {
    static let base = "/fhir"

    /// Its interactions; each is a file of this folder.
    static let routes: [Route] = [
        Metadata.route, BundleSubmit.route, PatientCreate.route, PatientUpdate.route, PatientUpdate.conditionalRoute,
        PatientRead.route, PatientVersionRead.route, PatientDelete.route, PatientDelete.conditionalRoute,
        PatientSearch.route, PatientSearch.postRoute, PatientMatch.route, PatientPatch.route, PatientHistory.route,
        PatientMerge.route,
        ProcessMessage.route, ExportStart.route, ExportStart.patientRoute, ExportStatus.route,
        ExportStatus.deleteRoute, ExportFile.route, ExportFile.removalsRoute, PixQuery.route, PixQuery.postRoute,
        AuditSearch.route,
        AuditSearch.readRoute, SmartConfiguration.route,
        SubscriptionDoor.create, SubscriptionDoor.read, SubscriptionDoor.search, SubscriptionDoor.update,
        SubscriptionDoor.delete, SubscriptionStatus.route, SubscriptionStatus.eventsRoute,
        ImportStart.route, ImportStatus.route, ImportStatus.deleteRoute, ImportStatus.fileRoute,
        PatientTypeHistory.route,
    ]
}
