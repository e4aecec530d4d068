internal import Coordinator
internal import Demographics
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// `POST Patient/$match` (ITI-119): the records that may be the patient of the body, best first; stores nothing.
enum PatientMatch {
    static let route = Route(
        "fhir.patient.match",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient/$match",
        access: .search("s", "ITI-119"),
        capability: .operation("match", definition: "http://hl7.org/fhir/OperationDefinition/Patient-match"),
        "Finds the records that may be the patient of the body.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let (parameters, record) = try read(call)
        let limits = call.limits
        let wanted = min(parameters.count ?? limits.matchDefault, limits.matchMax)
        // Whether certain matches are one person can be told only from all of them.
        let limit = parameters.onlyCertainMatches ? limits.matchMax : wanted
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.match(record, limit: limit)
        }
        call.services.metrics.matched(answer, after: start.duration(to: clock.now))
        let matches = confirmed(answer.matches, record)
        let chosen = parameters.onlyCertainMatches ? certain(matches) : matches
        return try bundle(chosen.prefix(wanted), answer, isTooLittle: isTooLittle(record), call)
    }

    /// Reads the body: the options, and the patient as a record without a key of its own.
    private static func read(_ call: DoorCall) throws(DoorFault) -> (MatchParameters, SourceRecord) {
        let body = call.request.body
        do throws(FHIRError) {
            let parameters = try MatchParameters(decoding: body.span.bytes)
            do throws(FHIRError) {
                let bytes = Array(body[parameters.resource.range])
                let key = RecordKey(source: "", value: "")
                return (parameters, try call.configuration.mapping.record(decoding: bytes.span.bytes, key: key))
            } catch {
                throw parameters.resourceExpression == "Patient" ? error : error.within(parameters.resourceExpression)
            }
        } catch {
            // The body of an operation is refused as a whole: its faults are the request's, not a record's.
            var fault = DoorFault(error)
            if error.code == .required || error.code == .value { fault.status = 400 }
            throw fault
        }
    }

    /// A match whose own identifier the client names is certain: identifiers of a source name its records.
    ///
    /// Only what matches by its content as well: an identifier may have been mistyped.
    private static func confirmed(_ matches: [MatchedRecord], _ record: SourceRecord) -> [MatchedRecord] {
        let named = Set(record.identifiers.map { RecordKey(source: $0.system, value: $0.value) })
        guard !named.isEmpty, matches.contains(where: { named.contains($0.record.key) }) else { return matches }
        var sure: [MatchedRecord] = []
        var others: [MatchedRecord] = []
        for var match in matches {
            guard match.grade != .possible, named.contains(match.record.key) else {
                others.append(match)
                continue
            }
            match.grade = .certain
            match.probability = 1
            sure.append(match)
        }
        return sure + others
    }

    /// Those that are certain, provided that all of them are one person (ITI-119, case 5).
    private static func certain(_ matches: [MatchedRecord]) -> [MatchedRecord] {
        let certain = matches.filter { $0.grade == .certain }
        let persons = Set(certain.map(\.record.golden))
        return persons.count <= 1 ? certain : []
    }

    private static func isTooLittle(_ record: SourceRecord) -> Bool {
        record.names.isEmpty && record.birthDate.isEmpty && record.identifiers.isEmpty && record.contacts.isEmpty
            && record.addresses.isEmpty && record.motherName.isEmpty
    }

    private static func bundle(
        _ matches: ArraySlice<MatchedRecord>,
        _ answer: MatchAnswer,
        isTooLittle: Bool,
        _ call: DoorCall
    ) throws(DoorFault) -> DoorAnswer {
        var bundle = BundleWriter(type: .searchset, total: matches.count)
        for match in matches {
            bundle.append(
                fullURL: "\(call.fhirBase)/Patient/\(match.record.id)",
                resource: try PatientAnswer.bytes(match.record, call.configuration),
                search: SearchResult(mode: .match, score: score(match), grade: grade(match))
            )
        }
        if answer.incomplete {
            let text = "a very common combination was cut: there may be further matches"
            append(OperationOutcome(.warning, .incomplete, text), to: &bundle)
        }
        if !answer.unsearched.isEmpty || answer.unread > 0 {
            append(OperationOutcome(.warning, .incomplete, silence(answer)), to: &bundle)
        }
        if isTooLittle {
            let text = "the patient says too little: name, birth date, identifier, phone or address are needed"
            append(OperationOutcome(.warning, .incomplete, text), to: &bundle)
        }
        return .resource(bundle.finished())
    }

    /// What could not be looked at while a shard does not answer.
    private static func silence(_ answer: MatchAnswer) -> String {
        var words: [String] = []
        if !answer.unsearched.isEmpty {
            let keys = answer.unsearched.map { "\($0.rule) (\($0.slot) of \($0.shard))" }.joined(separator: ", ")
            words.append("not searched, since a shard does not answer: \(keys)")
        }
        if answer.unread > 0 { words.append("\(answer.unread) records that match cannot be shown for the same reason") }
        return words.joined(separator: "; ") + "; there may be further matches"
    }

    private static func append(_ outcome: OperationOutcome, to bundle: inout BundleWriter) {
        bundle.append(resource: outcome.encoded(), search: SearchResult(mode: .outcome))
    }

    /// The probability with six decimals, between 0 and 1 whatever was computed.
    private static func score(_ match: MatchedRecord) -> Double {
        let probability = match.probability.isNaN ? 0 : max(0, min(1, match.probability))
        return (probability * 1_000_000).rounded() / 1_000_000
    }

    private static func grade(_ match: MatchedRecord) -> SearchResult.Grade {
        switch match.grade {
        case .certain: .certain
        case .probable: .probable
        case .possible: .possible
        }
    }
}
