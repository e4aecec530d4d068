internal import Foundation

/// What a load run measured, as it is kept: `result.json` of a run's folder, version 1.
public struct RunRecord: Codable, Sendable, Equatable {
    /// The version of the form.
    public static let currentVersion = 1

    /// A kind of failure and how often it came.
    public struct Failure: Codable, Sendable, Equatable {
        /// What went wrong.
        public var message: String
        /// How often.
        public var count: UInt64
    }

    /// The version of the form.
    public var version = RunRecord.currentVersion
    /// The name of the scenario.
    public var scenario: String
    /// The address that was asked.
    public var target: String
    /// The program that asked.
    public var program: String
    /// What it ran on.
    public var machine: String
    /// When it began, in seconds since 1970.
    public var began: Double
    /// What chance was made from.
    public var seed: UInt64
    /// The phases in order.
    public var phases: [PhaseRecord]

    /// Makes a record.
    public init(scenario: String, target: String, program: String, machine: String, began: Double, seed: UInt64) {
        self.scenario = scenario
        self.target = target
        self.program = program
        self.machine = machine
        self.began = began
        self.seed = seed
        phases = []
    }

    /// The phases that were measured.
    public var counted: [PhaseRecord] { phases.filter(\.isCounted) }

    /// One JSON object, keys sorted.
    ///
    /// - Throws: nothing in practice: every field is a finite number or a text.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: a word about what is wrong, an unknown version above all.
    public init(json bytes: [UInt8]) throws(RunRecordFault) {
        struct Head: Decodable { var version: Int }
        let decoder = JSONDecoder()
        guard let head = try? decoder.decode(Head.self, from: Data(bytes)) else { throw .unreadable }
        guard head.version == RunRecord.currentVersion else { throw .version(head.version) }
        guard let record = try? decoder.decode(RunRecord.self, from: Data(bytes)) else { throw .unreadable }
        self = record
    }
}
