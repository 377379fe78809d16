"""What a Session owns: handles, streams of random numbers, kernels that keep state."""
