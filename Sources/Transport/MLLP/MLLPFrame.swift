/// The bytes around a message on a wire of HL7 v2 (Minimal Lower Layer Protocol, release 1).
public enum MLLPFrame {
    /// Begins a message.
    public static let start: UInt8 = 0x0B
    /// Ends it, with a carriage return behind.
    public static let end: UInt8 = 0x1C
    /// Follows the end.
    public static let carriageReturn: UInt8 = 0x0D

    /// A message in its frame.
    public static func framed(_ message: [UInt8]) -> [UInt8] { [start] + message + [end, carriageReturn] }
}
