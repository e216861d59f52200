"""What no form of ours sends: every route and operation, as everybody, with fields that are broken
on purpose. None of it may end in an error of ours."""
