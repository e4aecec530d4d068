import Demographics
import Foundation
import Identifiers
import Matching
import RuleSets
import Testing

/// Stories of pairs, read from `Tests/Stories/matching`: records, questions, expected answers.
///
/// `record NAME key=value ...` tells a record; values with spaces stand in quotes. `NAME NAME?` asks for the outcome
/// of a pair, which must be the same in both orders; the answer stands behind `----` up to the next empty line.
@Suite struct StoryTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Stories/matching")

    static var stories: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }

    @Test func thereAreStories() { #expect(Self.stories.count >= 3) }

    @Test(arguments: stories)
    func holds(story: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: story), encoding: .utf8)
        let rules = try RuleSetFile.standardRules()
        var records: [String: KeyedRecord] = [:]
        var question: (left: String, right: String)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("record ") {
                let (name, record) = try #require(Self.record(line))
                records[name] = rules.key(record.key.id, NormalisedRecord(record))
            } else if line.hasSuffix("?") {
                let names = line.dropLast().split(separator: " ").map(String.init)
                try #require(names.count == 2)
                question = (names[0], names[1])
            } else if !line.isEmpty, !line.hasPrefix("#"), line != "----", let (left, right) = question {
                let first = try #require(records[left])
                let second = try #require(records[right])
                let why = try Explanation(first.row, second.row, rules: rules)
                #expect(why.outcome.rawValue == line, "\(story): \(left) \(right)\n\(why)")
                #expect(try Explanation(second.row, first.row, rules: rules).total == why.total)
                if line == "match" { #expect(!rules.sharedRules(first.keys, second.keys).isEmpty, "\(left) \(right)") }
                question = nil
            }
        }
    }

    private static func record(_ line: String) -> (String, SourceRecord)? {
        let words = split(line)
        guard words.count > 1 else { return nil }
        var record = SourceRecord(key: RecordKey(source: "story", value: words[1]))
        var name = PersonName()
        var address = PostalAddress()
        for word in words.dropFirst(2) {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "given": name.given = [parts[1]]
            case "middle": name.middle = [parts[1]]
            case "family": name.family = parts[1]
            case "sex": record.sex = parts[1]
            case "born": record.birthDate = parts[1]
            case "phone": record.contacts.append(ContactPoint(system: .phone, value: parts[1]))
            case "email": record.contacts.append(ContactPoint(system: .email, value: parts[1]))
            case "id": record.identifiers.append(PatientIdentifier(system: "national", value: parts[1]))
            case "ni":
                record.identifiers.append(PatientIdentifier(system: "urn:nin", value: parts[1], type: "NI"))
            case "mr", "mr2":
                record.identifiers.append(PatientIdentifier(system: "urn:\(parts[0])", value: parts[1], type: "MR"))
            case "address": address.line = parts[1]
            case "city": address.city = parts[1]
            case "mother": record.motherName = parts[1]
            default: return nil
            }
        }
        record.names = [name]
        record.addresses = [address]
        return (words[1], record)
    }

    private static func split(_ line: String) -> [String] {
        var words = [""]
        var quoted = false
        for character in line {
            if character == "\"" {
                quoted.toggle()
            } else if character == " ", !quoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.filter { !$0.isEmpty }
    }
}
