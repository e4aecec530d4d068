import Etcd
import Foundation
import NIOPosix
import Transport

/// Members of a real etcd, each a process of its own with data in a temporary directory.
///
/// Blocking and confined to the test that made it.
final class EtcdProcesses {
    static let program = "/usr/bin/etcd"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    struct Failure: Error { var reason: String }

    let directory = FileManager.default.temporaryDirectory.appending(path: "etcd-\(UUID())").path
    let ports: [Int]
    private let peers: [Int]
    private var processes: [Int: Process] = [:]
    private let extra: [String]
    private let scheme: String

    /// Starts members; they find each other by themselves.
    init(members: Int, extra: [String] = [], scheme: String = "http") throws {
        self.extra = extra
        self.scheme = scheme
        let free = try Self.freePorts(members * 2)
        ports = Array(free.prefix(members))
        peers = Array(free.suffix(members))
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for member in 0..<members { try start(member) }
    }

    deinit {
        for process in processes.values {
            kill(process.processIdentifier, SIGCONT)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: directory)
    }

    func start(_ member: Int) throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        let cluster = peers.enumerated().map { "m\($0)=http://127.0.0.1:\($1)" }.joined(separator: ",")
        process.arguments =
            [
                "--name", "m\(member)", "--data-dir", "\(directory)/m\(member)",
                "--listen-client-urls", "\(scheme)://127.0.0.1:\(ports[member])",
                "--advertise-client-urls", "\(scheme)://127.0.0.1:\(ports[member])",
                "--listen-peer-urls", "http://127.0.0.1:\(peers[member])",
                "--initial-advertise-peer-urls", "http://127.0.0.1:\(peers[member])",
                "--initial-cluster", cluster, "--unsafe-no-fsync", "--logger", "zap", "--log-outputs",
                "\(directory)/m\(member).log",
            ] + extra
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes[member] = process
    }

    func signal(_ member: Int, _ signal: Int32) {
        guard let process = processes[member] else { return }
        kill(process.processIdentifier, signal)
        if signal == SIGKILL {
            process.waitUntilExit()
            processes[member] = nil
        }
    }

    /// A client of all members, that has waited until they serve.
    func client(
        credentials: EtcdCredentials? = nil,
        tls: TLSClientConfiguration? = nil,
        waits: Bool = true
    ) async throws -> EtcdClient {
        var configuration = HTTPClientConfiguration()
        configuration.livenessInterval = .seconds(1)
        configuration.livenessTimeout = .seconds(1)
        let members = try ports.map { port in
            try HTTPClient(
                endpoint: Endpoint(host: "127.0.0.1", port: port, tls: tls),
                configuration: configuration,
                group: .singletonMultiThreadedEventLoopGroup
            )
        }
        let client = EtcdClient(members: members, credentials: credentials)
        guard waits else { return client }
        // A machine that is busy with builds needs its time: the test is of what is answered, not of when.
        for _ in 0..<600 {
            if (try? await client.read(.one("ready"))) != nil { return client }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure(reason: "etcd does not serve; see \(directory)")
    }

    /// Runs `etcdctl` and returns what it says.
    func control(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/etcdctl")
        process.arguments = ["--endpoints", "\(scheme)://127.0.0.1:\(ports[0])"] + arguments
        process.environment = ["ETCDCTL_API": "3"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(reason: text) }
        return text
    }

    private static func freePorts(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(socket)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
                }
            }
            guard bound else { throw Failure(reason: "no free port") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }
}
