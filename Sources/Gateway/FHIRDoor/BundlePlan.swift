internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// A bundle understood: what each entry asks for, nothing of it done yet.
struct BundlePlan: Sendable {
    /// What one entry asks for.
    enum Step: Sendable {
        case write(PatientWrite)
        /// Anything but a write: answered like a request of its own.
        case request(DoorRequest)
        /// It cannot be carried out.
        case fault(DoorFault)
    }

    private(set) var steps: [Step] = []

    /// The writes with the numbers of their entries.
    var writes: [(index: Int, write: PatientWrite)] {
        steps.enumerated().compactMap { index, step in
            guard case .write(let write) = step else { return nil }
            return (index, write)
        }
    }

    /// Understands the entries of a bundle that is the body of a call.
    init(_ bundle: Bundle, _ call: DoorCall) async {
        for (index, entry) in bundle.entries.enumerated() {
            do throws(DoorFault) {
                steps.append(try await Self.step(entry, index, call))
            } catch {
                steps.append(.fault(error))
            }
        }
    }

    private static func step(_ entry: BundleEntry, _ index: Int, _ call: DoorCall) async throws(DoorFault) -> Step {
        if let fault = entry.fault { throw DoorFault(fault).withoutPlace }
        let isPlain = call.configuration.speaksOpenCR && entry.resource != nil
        guard let request = entry.request ?? (isPlain ? BundleRequest(method: .post, url: "Patient") : nil) else {
            throw DoorFault(400, .required, "an entry needs a request", at: "Bundle.entry[\(index)].request")
        }
        let target: RequestTarget
        do throws(DoorFault) {
            target = try RequestTarget(parsing: FHIRDoor.base + "/" + relative(request.url, call))
        } catch {
            throw error.within("Bundle.entry[\(index)].request.url")
        }
        let document = entry.resource.map { Array(call.request.body[$0.range]) } ?? []
        do throws(DoorFault) {
            // A record that another one replaces is answered on its own: the two have to be joined.
            if let write = try await write(request, target, document, call), !write.submission.isReplaced {
                try Admission.require(write.access.need, of: call.request)
                return .write(write)
            }
        } catch {
            throw error.within("Bundle.entry[\(index)].resource")
        }
        guard target.segments.count > 1 else {
            throw DoorFault(400, .notSupported, "a bundle within a bundle", at: "Bundle.entry[\(index)].request.url")
        }
        return .request(inner(request, target, document, call))
    }

    /// The URL below the base, whichever way it was written.
    private static func relative(_ url: String, _ call: DoorCall) -> Substring {
        for base in [call.fhirBase, FHIRDoor.base] where url.hasPrefix(base + "/") {
            return url.dropFirst(base.count + 1)
        }
        return url.drop { $0 == "/" }
    }

    /// The write that an entry asks for; `nil` where it asks for something else.
    private static func write(
        _ request: BundleRequest,
        _ target: RequestTarget,
        _ document: [UInt8],
        _ call: DoorCall
    ) async throws(DoorFault) -> PatientWrite? {
        guard target.segments.dropFirst().first == "Patient", target.segments.count <= 3 else { return nil }
        let id = target.segments.count == 3 ? target.segments[2] : nil
        var condition = WriteCondition()
        if !request.ifMatch.isEmpty { condition.ifMatch = request.ifMatch }
        if !request.ifNoneMatch.isEmpty { condition.ifNoneMatch = request.ifNoneMatch }
        let rules = WriteRules(call)
        switch (request.method, id) {
        case (.post, nil):
            let search = request.ifNoneExist.isEmpty ? nil : request.ifNoneExist
            return try .create(document, ifNoneExist: search, rules)
        case (.put, nil): return try .conditionalUpdate(target.items, document, condition, rules)
        case (.put, let id?): return try .update(id, document, condition, rules)
        case (.delete, nil):
            return try .delete(
                try IdentifierQuery.key(target.items, place: "identifier", rules.mapping),
                condition,
                rules
            )
        case (.delete, let id?):
            // Where there is no such record the request is answered on its own: it has nothing to write.
            guard let key = try await PatientDelete.key(id, call) else { return nil }
            return try .delete(key, condition, rules)
        default: return nil
        }
    }

    private static func inner(
        _ request: BundleRequest,
        _ target: RequestTarget,
        _ document: [UInt8],
        _ call: DoorCall
    ) -> DoorRequest {
        var headers = DoorFields()
        if !request.ifNoneMatch.isEmpty { headers["if-none-match"] = request.ifNoneMatch }
        if !request.ifMatch.isEmpty { headers["if-match"] = request.ifMatch }
        var inner = DoorRequest(method: request.method.rawValue, target: target, headers: headers, body: document)
        inner.origin = call.request.origin
        inner.caller = call.request.caller
        inner.sentTarget = request.url
        inner.headers["x-request-id"] = call.request.headers["x-request-id"]
        return inner
    }

    /// Replaces references to other entries (`urn:uuid:…`) by references to the records that they become.
    mutating func resolveReferences(of bundle: Bundle) {
        var addresses: [String: String] = [:]
        for (index, write) in writes where write.interaction != .delete {
            let url = bundle.entries[index].fullURL
            if !url.isEmpty { addresses[url] = "Patient/\(write.key.id)" }
        }
        guard !addresses.isEmpty else { return }
        for (index, var write) in writes where write.interaction != .delete {
            let document = write.submission.document
            guard let resolved = ReferenceResolution.resolved(document, addresses) else { continue }
            write.submission.document = resolved
            steps[index] = .write(write)
        }
    }
}
