NAME = 'net'
SIZE = 15 / 2
