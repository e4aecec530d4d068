/// Why a message was refused, in the words that its answer needs: code, place, what would be right.
///
/// It never holds a value of a patient.
public struct HL7Error: Error, Hashable, Sendable {
    /// Codes of HL7 table 0357.
    public enum Code: Int, Hashable, Sendable, CaseIterable {
        /// Segments are missing or in the wrong order.
        case segmentSequence = 100
        /// A required field is missing.
        case requiredField = 101
        /// A value does not have the form of its data type.
        case dataType = 102
        /// A value is not in its table.
        case tableValue = 103
        /// Messages of this type are not taken.
        case messageType = 200
        /// Events of this kind are not taken.
        case eventCode = 201
        /// Messages for this purpose (production, training, debugging) are not taken.
        case processingID = 202
        /// Messages of this version are not taken.
        case version = 203
        /// Something that the message names is not known.
        case unknownKey = 204
        /// Something that was to be new is there already.
        case duplicateKey = 205
        /// Somebody else works on the record.
        case locked = 206
        /// The registry cannot do it now.
        case `internal` = 207

        /// The text of the table.
        public var text: String {
            switch self {
            case .segmentSequence: "Segment sequence error"
            case .requiredField: "Required field missing"
            case .dataType: "Data type error"
            case .tableValue: "Table value not found"
            case .messageType: "Unsupported message type"
            case .eventCode: "Unsupported event code"
            case .processingID: "Unsupported processing id"
            case .version: "Unsupported version id"
            case .unknownKey: "Unknown Key Identifier"
            case .duplicateKey: "Duplicate Key Identifier"
            case .locked: "Application record locked"
            case .internal: "Application internal error"
            }
        }
    }

    /// The kind of fault.
    public var code: Code
    /// Where it is.
    public var location: HL7Location
    /// What is wrong and what would be right, in one clause.
    public var reason: String

    /// A fault at a place.
    public init(_ code: Code, at location: HL7Location, _ reason: String) {
        self.code = code
        self.location = location
        self.reason = reason
    }
}

extension HL7Error: CustomStringConvertible {
    /// Place, code and reason in one line.
    public var description: String { "\(location) \(code.rawValue): \(reason)" }
}
