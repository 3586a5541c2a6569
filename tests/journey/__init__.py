"""The ways of users. A package, so that the cluster which they share ends with the last of them."""
