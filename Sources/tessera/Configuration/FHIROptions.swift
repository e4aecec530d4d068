import ArgumentParser
import Gateway

/// What an operator may choose about the FHIR door on the command line.
struct FHIROptions: ParsableArguments {
    /// Whose reading of the profiles holds where they differ.
    enum Profile: String {
        /// IHE: the identifier that was asked about is not answered.
        case ihe
        /// OpenHIE: it is answered as well.
        case openhie
    }

    @Option(help: "Whose reading of the profiles holds where they differ: ihe or openhie.")
    var fhirProfile: String = Profile.ihe.rawValue

    @Option(help: "What a search answers: persons (each once, with all identifiers) or records.")
    var searchResults: String = GatewayConfiguration.SearchResults.persons.rawValue

    @Flag(help: "Answer clients of OpenCR as they expect: tags, links to golden records, LocationCRUID.")
    var opencr = false

    @Option(help: "An address within the registry's own network from which $import may fetch; may be repeated.")
    var importFrom: [String] = []

    @Option(help: "A host (*.example for all below it) or network that subscriptions may tell; may be repeated.")
    var notifyTo: [String] = []

    func validate() throws {
        if let fault = notifyFault { throw ValidationError("--notify-to: \(fault)") }
        if Profile(rawValue: fhirProfile) == nil { throw ValidationError("--fhir-profile must be ihe or openhie") }
        if GatewayConfiguration.SearchResults(rawValue: searchResults) == nil {
            throw ValidationError("--search-results must be persons or records")
        }
    }

    /// What is wrong with the endpoints that may be told.
    fileprivate var notifyFault: String? {
        let wrong = notifyTo.first { HookReach(listing: [$0]) == nil }
        return wrong.map { "`\($0)` is neither a host such as hooks.example nor a network such as 10.1.0.0/16" }
    }

    /// Lays the choices on the doors; a registry with a guard tells its own machine nothing unless that is listed.
    func apply(to doors: inout GatewayConfiguration, isGuarded: Bool) {
        doors.hooks = HookReach(listing: notifyTo) ?? .everything
        doors.hooks.includesLoopback = !isGuarded
        doors.includesQueriedIdentifier = Profile(rawValue: fhirProfile) == .openhie
        doors.speaksOpenCR = opencr
        doors.searchResults = GatewayConfiguration.SearchResults(rawValue: searchResults) ?? .persons
    }
}

extension ConfigurationFile {
    /// The keys `fhir_profile`, `search_results`, `opencr`, `import_from` and `notify_to` (parted by blanks).
    mutating func fhir() -> FHIROptions {
        var options = FHIROptions()
        options.fhirProfile = string("fhir_profile") ?? FHIROptions.Profile.ihe.rawValue
        options.searchResults = string("search_results") ?? GatewayConfiguration.SearchResults.persons.rawValue
        options.opencr = flag("opencr")
        options.importFrom = (string("import_from") ?? "").split(separator: " ").map(String.init)
        options.notifyTo = (string("notify_to") ?? "").split(separator: " ").map(String.init)
        if let fault = options.notifyFault { self.fault("`notify_to`: \(fault)") }
        if FHIROptions.Profile(rawValue: options.fhirProfile) == nil { fault("`fhir_profile` must be ihe or openhie") }
        if GatewayConfiguration.SearchResults(rawValue: options.searchResults) == nil {
            fault("`search_results` must be persons or records")
        }
        return options
    }
}
