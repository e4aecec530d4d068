import TestRandom
import Testing

@testable import Gateway

/// Whatever comes in, an answer goes out.
struct FuzzTests {
    private static let bodies = [
        Sample.patient("1"), Sample.patient("2", id: "0000000000000"),
        #"{"resourceType":"Bundle","type":"batch","entry":[{"resource":"# + Sample.patient("3")
            + #","request":{"method":"POST","url":"Patient"}}]}"#,
        #"{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":"#
            + Sample.patient("4") + #","request":{"method":"PUT","url":"Patient?identifier=urn:clinic|4"}}]}"#,
        #"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":"# + Sample.patient("5")
            + #"},{"name":"count","valueInteger":3}]}"#,
        #"{"kind":"must-link","a":"urn:clinic|1","b":"urn:clinic|2"}"#,
        Sample.patient("1") + "\n" + Sample.patient("2") + "\n",
    ]
    private static let targets = [
        "/fhir", "/fhir/Patient", "/fhir/Patient/$match", "/fhir/Patient?identifier=urn:clinic|1",
        "/fhir/Patient/0000000000000", "/fhir/Patient/_search", "/api/v1/decisions", "/api/v1/load",
        "/api/v1/explain?a=urn:clinic|1&b=urn:clinic|2", "/api/v1/links?after=0000000000000&limit=5",
        "/api/v1/records/urn:clinic/1", "/fhir/Patient/0000000000000/_history/1", "/metrics",
        "/fhir/metadata?_format=json",
    ]
    private static let methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "TRACE", ""]

    @Test("Mutated bodies and targets are answered, never with a fault of ours", arguments: 0..<40 as Range<UInt64>)
    func mutations(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        let doors = DoorFixture()
        for _ in 0..<60 {
            let body = mutated(Array(Self.bodies[random.below(Self.bodies.count)].utf8), &random)
            var target = Self.targets[random.below(Self.targets.count)]
            if random.below(3) == 0 {
                target = "/" + String(decoding: mutated(Array(target.utf8), &random), as: UTF8.self)
            }
            let method = Self.methods[random.below(Self.methods.count)]
            let answer = await doors.send(method, target, body)
            #expect((200..<500).contains(answer.status), "\(method) \(target) answered \(answer.status)")
        }
    }

    @Test("Random header values are answered", arguments: 0..<20 as Range<UInt64>)
    func headers(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        let doors = DoorFixture()
        let names = ["accept", "content-type", "if-match", "if-none-match", "if-none-exist", "prefer", "x-request-id"]
        let alphabet = Array("W/\"1*;=,|?&% application/fhir+json q0.9identifier=urn:clinic|1return=minimal")
        for _ in 0..<60 {
            var headers: [String: String] = [:]
            for name in names where random.below(2) == 0 {
                headers[name] = String((0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] })
            }
            let method = Self.methods[random.below(4)]
            let answer = await doors.send(method, "/fhir/Patient?identifier=urn:clinic|1", Sample.patient("1"), headers)
            #expect((200..<500).contains(answer.status))
        }
    }

    /// Flips, removes, doubles or inserts a few bytes.
    private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<random.below(6) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes[place] = UInt8(random.below(256))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(20)))
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + random.below(30))], at: place)
            case 3: bytes.insert([0x22, 0x5B, 0x7B, 0x0A, 0x00, 0xFF, 0x25][random.below(7)], at: place)
            default: bytes.swapAt(place, random.below(bytes.count))
            }
        }
        return bytes
    }
}
