internal import Access
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
            throw error.at(entry: index)
        }
        guard target.segments.count > 1 else {
            throw DoorFault(400, .notSupported, "a bundle within a bundle", at: "Bundle.entry[\(index)].request.url")
        }
        guard request.method == .patch else { return .request(inner(request, target, document, call)) }
        var patch = inner(request, target, try Self.patch(document, at: "Bundle.entry[\(index)].resource"), call)
        patch.headers["content-type"] = PatientPatch.mediaType
        return .request(patch)
    }

    /// The JSON Patch that an entry holds: a Binary, since a patch is no resource (FHIR R4, 3.1.0.11.1).
    private static func patch(_ document: [UInt8], at place: String) throws(DoorFault) -> [UInt8] {
        let resource = (try? JSONValue(parsing: document.span.bytes, limits: JSONLimits(bytes: Patient.bytesMax)))?
            .object
        guard resource?["resourceType"]?.string == "Binary",
            resource?["contentType"]?.string?.hasPrefix(PatientPatch.mediaType) == true
        else { throw .invalid("a patch in a bundle is a Binary of \(PatientPatch.mediaType)", at: place) }
        let text = (resource?["data"]?.string ?? "").replacing("+", with: "-").replacing("/", with: "_")
        guard let patch = Base64URL.decode(text.prefix { $0 != "=" }), !patch.isEmpty else {
            throw .invalid("must be a JSON Patch in base64", at: "\(place).data")
        }
        return patch
    }

    /// The record that a conditional reference means: one of this bundle, or one that is there.
    private func meant(_ reference: String, _ call: DoorCall) async throws(DoorFault) -> RecordID {
        let place = "Patient.link.other.reference"
        let query = reference.dropFirst(ReferenceResolution.search.count)
        let key = try IdentifierQuery.key(try RequestTarget.items(of: query), place: place, call.configuration.mapping)
        if writes.contains(where: { $0.write.interaction != .delete && $0.write.key == key }) { return key.id }
        guard let found = try await ConditionalMatch.one(key, at: place, call) else {
            throw DoorFault(412, .notFound, "no Patient has the identifier of this reference", at: place)
        }
        return found.id
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
            // What is there under an identifier that is not its own is answered like a request of its own.
            if let search, try await ConditionalMatch.foreign(search, call) != nil { return nil }
            return try .create(document, ifNoneExist: search, rules)
        case (.put, nil):
            let write: PatientWrite = try .conditionalUpdate(target.items, document, condition, rules)
            _ = try await ConditionalMatch.one(write.key, at: "identifier", call)
            return write
        case (.put, let id?):
            // As in a request of its own: ids of OpenCR mean nothing here.
            if call.configuration.speaksOpenCR, RecordID(id) == nil {
                return try .create(document, ifNoneExist: nil, rules)
            }
            return try .update(id, document, condition, rules)
        case (.delete, nil):
            return try .delete(try await ConditionalMatch.removed(target.items, call), condition, rules)
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
        if !request.ifNoneExist.isEmpty { headers["if-none-exist"] = request.ifNoneExist }
        var inner = DoorRequest(method: request.method.rawValue, target: target, headers: headers, body: document)
        inner.origin = call.request.origin
        inner.caller = call.request.caller
        inner.sentTarget = request.url
        inner.headers["x-request-id"] = call.request.headers["x-request-id"]
        return inner
    }

    /// Replaces references to other entries (`urn:uuid:…`) by references to the records that they become, and searches
    /// (`Patient?identifier=…`) by references to what they find (FHIR R4, 3.1.0.11.3).
    ///
    /// - Throws: a 412 where such a search does not find exactly one.
    mutating func resolveReferences(of bundle: Bundle, _ call: DoorCall) async throws(DoorFault) {
        var addresses: [String: String] = [:]
        for (index, write) in writes where write.interaction != .delete {
            let url = bundle.entries[index].fullURL
            if !url.isEmpty { addresses[url] = "Patient/\(write.key.id)" }
        }
        for (index, write) in writes where write.interaction != .delete {
            for reference in ReferenceResolution.searches(write.submission.document) where addresses[reference] == nil {
                do throws(DoorFault) {
                    addresses[reference] = "Patient/\(try await meant(reference, call))"
                } catch {
                    throw error.at(entry: index)
                }
            }
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
