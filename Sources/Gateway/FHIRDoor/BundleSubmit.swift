internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// `POST /fhir`: many interactions in one request, each on its own (batch) or all of them or none (transaction).
///
/// All writes of a bundle travel through the registry together. A transaction is understood wholly, its conditions are
/// checked, and only then is anything submitted.
enum BundleSubmit {
    static let route = Route(
        "fhir.bundle",
        .fhir,
        "POST",
        FHIRDoor.base,
        access: .several,
        capability: .system(["batch", "transaction"]),
        "Carries out a batch or a transaction.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let bundle = try read(call)
        // A feed may be posted to the base as well (OpenHIE).
        if bundle.type == .message { return try await ProcessMessage.answer(bundle, call) }
        call.count(entries: bundle.entries.count)
        var plan = await BundlePlan(bundle, call)
        let isTransaction = bundle.type == .transaction
        if isTransaction { try await prepareTransaction(&plan, bundle, call) }
        let results = await carryOut(plan, inOrderOfTransactions: isTransaction, call)
        if isTransaction, let failed = results.enumerated().first(where: { $0.element.fault != nil }),
            var fault = failed.element.fault
        {
            let done = results.count { $0.isWritten }
            if done > 0 { fault.detail += "; \(done) entries had been stored before, sending all again is safe" }
            throw fault.at(entry: failed.offset)
        }
        var answer = write(results, isTransaction ? .transactionResponse : .batchResponse)
        if call.configuration.speaksOpenCR { OpenCRForm.addPlaces(of: results, to: &answer) }
        return answer
    }

    private static func read(_ call: DoorCall) throws(DoorFault) -> Bundle {
        let bundle: Bundle
        let body = call.request.body
        do throws(FHIRError) {
            let limits = JSONLimits(bytes: call.limits.bundleBytes)
            bundle = try Bundle(decoding: body.span.bytes, limits: limits)
        } catch {
            throw DoorFault(error)
        }
        // OpenCR takes Patients in a bundle of any type.
        guard [.batch, .transaction, .message].contains(bundle.type) || call.configuration.speaksOpenCR else {
            let detail = "only batch, transaction and message are supported here"
            throw DoorFault(422, .notSupported, detail, at: "Bundle.type")
        }
        return bundle
    }

    /// Checks that a transaction can be carried out as a whole, and lets its resources refer to each other.
    private static func prepareTransaction(
        _ plan: inout BundlePlan,
        _ bundle: Bundle,
        _ call: DoorCall
    ) async throws(DoorFault) {
        var keys: Set<RecordKey> = []
        for (index, step) in plan.steps.enumerated() {
            switch step {
            case .fault(let fault): throw fault.at(entry: index)
            case .request: break
            case .write(let write):
                guard keys.insert(write.key).inserted else {
                    let fault = DoorFault(400, .invalid, "two entries of the transaction write the same record")
                    throw fault.at(entry: index)
                }
                do throws(DoorFault) {
                    try await check(write, call)
                } catch {
                    throw error.at(entry: index)
                }
            }
        }
        try await plan.resolveReferences(of: bundle, call)
    }

    /// Checks the condition of a write before anything is done.
    private static func check(_ write: PatientWrite, _ call: DoorCall) async throws(DoorFault) {
        let submission = write.submission
        let mustBeNew = submission.mustBeNew && !write.onlyIfNew
        guard submission.expectedVersion != nil || mustBeNew else { return }
        let key = write.key
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        let current = found.map { $0.deleted ? 0 : $0.version } ?? 0
        if mustBeNew, current > 0 { throw DoorFault(.alreadyExists) }
        guard let expected = submission.expectedVersion, expected != current else { return }
        // A transaction whose answer was lost is sent again: what it wanted is what is there.
        if let found, expected &+ 1 == current, found.document == submission.document { return }
        throw DoorFault(.versionConflict(current: current))
    }

    private static func carryOut(
        _ plan: BundlePlan,
        inOrderOfTransactions: Bool,
        _ call: DoorCall
    ) async -> [BundleResult] {
        var results = [BundleResult?](repeating: nil, count: plan.steps.count)
        var writes = plan.writes
        if inOrderOfTransactions {
            // Removals, then creates, then updates (FHIR R4, 3.1.0.11.2).
            writes.sort { ($0.write.interaction, $0.index) < ($1.write.interaction, $1.index) }
        }
        let outcomes = writes.isEmpty ? [] : await call.registry.submit(writes.map(\.write.submission))
        call.services.metrics.wrote(outcomes)
        let withPatient = ReturnPreference(call.request) == .representation && call.maySeeWritten
        for (position, (index, write)) in writes.enumerated() {
            guard position < outcomes.count else { break }
            do throws(DoorFault) {
                let result = try await WriteResult(write, outcomes[position], withPatient: withPatient, call)
                results[index] = .written(result)
            } catch {
                results[index] = .fault(error.expression.isEmpty ? error : error.at(entry: index))
            }
        }
        for (index, step) in plan.steps.enumerated() {
            switch step {
            case .fault(let fault): results[index] = .fault(fault)
            case .request(let request): results[index] = await BundleResult(answering: request, call)
            case .write: break
            }
        }
        return results.map { $0 ?? .fault(.busy("no answer from the registry", after: 1)) }
    }

    private static func write(_ results: [BundleResult], _ type: BundleType) -> DoorAnswer {
        var bundle = BundleWriter(type: type)
        for result in results { bundle.append(resource: result.resource, response: result.response) }
        return .resource(bundle.finished())
    }
}

extension DoorFault {
    /// Where an entry holds what a request of its own has in its head or its URL.
    private static let requestElements = [
        "If-Match": "ifMatch", "If-None-Match": "ifNoneMatch", "If-None-Exist": "ifNoneExist", "identifier": "url",
    ]

    /// The same fault seen from the bundle: the entry is named where the fault does not name it yet.
    func at(entry index: Int) -> DoorFault {
        guard !expression.hasPrefix("Bundle.") else { return self }
        let entry = "Bundle.entry[\(index)]"
        guard let element = Self.requestElements[expression] else { return within("\(entry).resource") }
        var fault = withoutPlace
        fault.expression = "\(entry).request.\(element)"
        return fault
    }
}
