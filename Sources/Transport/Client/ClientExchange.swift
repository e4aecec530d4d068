/// The answer of one request as it arrives on its stream; lives on the connection's event loop.
final class ClientExchange {
    let call: ClientCall
    var response = HTTPResponse(status: 0)
    var isComplete = false

    init(call: ClientCall) {
        self.call = call
    }
}
