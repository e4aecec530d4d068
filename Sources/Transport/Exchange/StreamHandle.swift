/// One stream of one connection, seen from any thread.
struct StreamHandle: Sendable {
    let mailbox: CommandMailbox
    let stream: Int32

    func post(_ command: StreamCommand) {
        mailbox.post(command, stream: stream)
    }
}
