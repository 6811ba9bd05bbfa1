"""The matrix of rights: every route × every role × own and other rows, made from the URL map and the declarations."""
