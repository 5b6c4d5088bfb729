# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
guests += hello
guest-hello-objs := test/guest/hello/hello.o
