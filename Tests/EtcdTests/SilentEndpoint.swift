import Foundation

/// An address of this machine at which nobody answers; blocking and confined to the test that made it.
final class SilentEndpoint {
    enum Kind {
        /// Connections are made by the system, and nobody reads from them.
        case neverAnswers
        /// Not even that: the system has no room for another connection, and drops what asks for one.
        case neverConnects
    }

    let port: Int
    private var sockets: [Int32] = []

    init(_ kind: Kind) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        sockets.append(listener)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, kind == .neverAnswers ? 16 : 0) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { throw CocoaError(.featureUnsupported) }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard kind == .neverConnects else { return }
        // With no backlog there is room for one; a few more are on their way and keep it full.
        for _ in 0..<4 {
            let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(caller)
            _ = fcntl(caller, F_SETFL, O_NONBLOCK)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    _ = connect(caller, pointer, length)
                }
            }
        }
    }

    deinit { for socket in sockets { close(socket) } }
}
