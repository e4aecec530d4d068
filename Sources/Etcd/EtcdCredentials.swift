/// Who a client says it is.
public struct EtcdCredentials: Sendable, Equatable {
    /// The user's name.
    public var user: String
    /// The user's password.
    public var password: String

    /// Puts both together.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// Writes an `AuthenticateRequest`.
    func request() -> [UInt8] {
        var writer = ProtoWriter()
        writer.bytes(1, user.utf8)
        writer.bytes(2, password.utf8)
        return writer.bytes
    }

    /// Reads the token of an `AuthenticateResponse`.
    static func token(_ bytes: ArraySlice<UInt8>) throws(EtcdError) -> String {
        var fields = ProtoFields(bytes)
        var token = ""
        while let (field, value) = try fields.next() {
            if field == 2 { token = value.text }
        }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed("there is no token in it")
        }
        return token
    }
}
