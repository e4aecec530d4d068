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

    func validate() throws {
        if Profile(rawValue: fhirProfile) == nil { throw ValidationError("--fhir-profile must be ihe or openhie") }
        if GatewayConfiguration.SearchResults(rawValue: searchResults) == nil {
            throw ValidationError("--search-results must be persons or records")
        }
    }

    /// Lays the choices on the doors.
    func apply(to doors: inout GatewayConfiguration) {
        doors.includesQueriedIdentifier = Profile(rawValue: fhirProfile) == .openhie
        doors.speaksOpenCR = opencr
        doors.searchResults = GatewayConfiguration.SearchResults(rawValue: searchResults) ?? .persons
    }
}

extension ConfigurationFile {
    /// The keys `fhir_profile`, `search_results`, `opencr` and `import_from` (addresses parted by blanks).
    mutating func fhir() -> FHIROptions {
        var options = FHIROptions()
        options.fhirProfile = string("fhir_profile") ?? FHIROptions.Profile.ihe.rawValue
        options.searchResults = string("search_results") ?? GatewayConfiguration.SearchResults.persons.rawValue
        options.opencr = flag("opencr")
        options.importFrom = (string("import_from") ?? "").split(separator: " ").map(String.init)
        if FHIROptions.Profile(rawValue: options.fhirProfile) == nil { fault("`fhir_profile` must be ihe or openhie") }
        if GatewayConfiguration.SearchResults(rawValue: options.searchResults) == nil {
            fault("`search_results` must be persons or records")
        }
        return options
    }
}
