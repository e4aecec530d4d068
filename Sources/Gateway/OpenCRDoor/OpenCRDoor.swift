internal import JSON

/// What clients and stewards of OpenCR call beside FHIR: matches, open questions, breaks, uploads of tables.
///
/// Every decision goes the way of the stewardship interface: it stands in the book of rulings and can be undone there.
enum OpenCRDoor {
    static let matching = "/match"

    /// Its interactions; each is in a file of this folder.
    static let routes: [Route] = [
        OpenCRMatches.check, OpenCRMatches.route, OpenCRIssues.count, OpenCRIssues.list, OpenCRIssues.countNew,
        OpenCRIssues.listNew, OpenCRBreaks.breaking, OpenCRBreaks.unbreaking, OpenCRResolve.route, CSVUpload.route,
        CSVUpload.listRoute, CSVReport.place, CSVReport.route,
    ]

    /// Who decides: somebody known, or where everybody may enter, whom the address names.
    static func author(_ call: DoorCall) -> String {
        Steward.name(call.request.target["username"].map { ["by": .string($0)] } ?? [:], call)
    }
}
