/// Takes messages out of a stream of bytes.
struct MLLPDecoder {
    /// Why a stream cannot go on.
    enum Fault: String, Error {
        case unframed = "bytes outside of a frame"
        case tooLong = "a message longer than is taken"
    }

    let limit: Int
    private var buffer: [UInt8] = []
    private var isInside = false

    init(limit: Int) { self.limit = limit }

    /// Whether a message was begun and not ended.
    var isInMessage: Bool { isInside }

    /// Takes bytes and gives the messages that are complete.
    ///
    /// Between frames, ends of lines and blanks are left out: some senders put them there.
    ///
    /// - Throws: `Fault` where what follows cannot be understood; `messages` holds those before it.
    mutating func take(_ bytes: some Collection<UInt8>, into messages: inout [[UInt8]]) throws(Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if !isInside {
                rest = rest.drop { $0 == 0x0D || $0 == 0x0A || $0 == 0x20 }
                guard let first = rest.first else { return }
                guard first == MLLPFrame.start else { throw .unframed }
                isInside = true
                rest = rest.dropFirst()
            }
            let end = rest.firstIndex(of: MLLPFrame.end)
            let part = rest[..<(end ?? rest.endIndex)]
            guard buffer.count + part.count <= limit else { throw .tooLong }
            buffer.append(contentsOf: part)
            guard let end else { return }
            // The carriage return behind is left out with what else lies between frames.
            messages.append(buffer)
            buffer = []
            isInside = false
            rest = rest[rest.index(after: end)...]
        }
    }
}
